import type { Version } from "../model";
import { formatVersion } from "../version";

export const entityTag = (version: Version): string => `"${formatVersion(version)}"`;
