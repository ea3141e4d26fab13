/** Where nodes keep, in the backups bucket, what they found before they restarted an application. */
export const DIAGNOSES_PREFIX = "diagnoses/";

/** `at` is an ISO date; its colons would have to be escaped in most tools. */
export const diagnosisKey = (node: string, at: string): string => `${DIAGNOSES_PREFIX}${node}/${at.replaceAll(":", "-")}.json`;
