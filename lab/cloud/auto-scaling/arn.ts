/** Where the lab's groups are: moto's account. */
export const ARN = "arn:aws:autoscaling:us-east-1:123456789012";
