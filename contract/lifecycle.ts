/** Lifecycle hooks of every fleet's Auto Scaling group, part of the group from its creation. */
export const LAUNCH_HOOK = "ready";
export const TERMINATE_HOOK = "drain";

/** Seconds a launching node has to verify its release and application (30-7200, an Auto Scaling limit); then it is abandoned. */
export const LAUNCH_HEARTBEAT_SECONDS = 600;

/** Seconds a leaving node has to finish what it holds (30-7200, an Auto Scaling limit); then it goes. */
export const TERMINATE_HEARTBEAT_SECONDS = 300;
