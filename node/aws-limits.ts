/**
 * For every AWS client of the agent, in milliseconds. The SDK's own default is to wait for ever, and it tries three times.
 * @see https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-node-http-handler/
 */
export const AWS_LIMITS = { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true };
