/** Which service a gateway endpoint's name, or a prefix list's, stands for: com.amazonaws.us-east-1.s3 and the like. */
export function gatewayService(name: string | undefined): "s3" | "dynamodb" | undefined {
  if (name?.endsWith(".s3")) return "s3";
  return name?.endsWith(".dynamodb") ? "dynamodb" : undefined;
}
