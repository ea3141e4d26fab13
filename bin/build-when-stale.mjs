import { build, isStale } from "./build.mjs";

if (isStale()) await build();
