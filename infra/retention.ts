/** Days for which CloudWatch Logs can keep events. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The shortest that AWS has and that is not shorter than wanted. */
export const retentionDays = (wanted: number): number => DAYS.find((days) => days >= wanted) ?? 3653;
