/** A session is one hash in Valkey; its fields are told where they are written (node/sessions/scripts/script.ts). */
export const SESSION_PREFIX = "nplus1:session:";
export const sessionKey = (id: string): string => SESSION_PREFIX + id;

/** Every script that changes a session publishes `<id> <version>` here, and ` d` after it when the session was destroyed. */
export const SESSION_NEWS_CHANNEL = "nplus1:sessions:news";

/** A random word, set by whoever finds it missing: another one means that the store has lost its data. */
export const SESSION_MARKER_KEY = "nplus1:sessions:marker";

/** The active release's epoch, a whole number that only grows. No key: no release was ever cut over. */
export const EPOCH_KEY = "nplus1:epoch";
