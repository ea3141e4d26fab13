/** Beyond the time for which a drill wants a fault: the lab ends it itself should the drill be gone. */
export const SPARE_SECONDS = 5;
