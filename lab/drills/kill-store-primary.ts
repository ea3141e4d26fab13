import type { Drill } from "./drill";

/** The session store fails over to its replica. */
export const killStorePrimary: Drill = {
  isOfStore: true,
  lasts: false,
  async break(cluster, seen) {
    const primary = seen.store.find(({ isPrimary }) => isPrimary)?.id;
    await cluster.inject({ kind: "kill-store-primary" });
    return {
      did: `killed the store's primary ${primary ?? ""}`,
      isOver: ({ store }) => store.some(({ id, isPrimary }) => isPrimary && id !== primary),
    };
  },
};
