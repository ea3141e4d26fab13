import { AwsError } from "../aws-error";

/** What a function does not have. */
export const notFound = (message = "The resource you requested does not exist."): AwsError => new AwsError("ResourceNotFoundException", message, 404);
