/** For every AWS client, in milliseconds. The SDK's own default is to wait for ever, and it tries three times. */
export const AWS_LIMITS = { maxAttempts: 2, requestHandler: { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true } };
