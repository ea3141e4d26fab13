import { listenNear, listenOn } from "../../../lab/daemon/listeners";

test("a port that is taken is named, with what to do", async () => {
  const first = await listenNear(18_080);
  try {
    await expect(listenOn(first.port)).rejects.toThrow(`port ${first.port} of 127.0.0.1 is taken; choose another with --port`);
  } finally {
    first.close();
  }
});

test("near a taken port the next free one is used, so that two labs do not collide", async () => {
  const first = await listenNear(18_180);
  const second = await listenNear(first.port);
  try {
    expect(second.port).toBeGreaterThan(first.port);
    expect(second.fd).not.toBe(first.fd);
  } finally {
    first.close();
    second.close();
  }
});
