import { Pulse } from "../../../../node/sessions/pulse";

test("a connection is live for 300 ms after its last sign of life was asked for", () => {
  const pulse = new Pulse(1000);
  expect(pulse.isLive(1299)).toBe(true);
  expect(pulse.isLive(1300)).toBe(false);
  pulse.prove(1200);
  expect(pulse.isLive(1499)).toBe(true);
});

test("an answer that comes late proves no more than the time at which it was asked for", () => {
  const pulse = new Pulse(1000);
  pulse.prove(1200);
  pulse.prove(1100);
  expect(pulse.isLive(1499)).toBe(true);
  expect(pulse.isLive(1500)).toBe(false);
});

test("one beat waits for an answer at a time, and the eighth missed one is the last", () => {
  const pulse = new Pulse(0);
  expect(pulse.tick()).toBe("beat");
  expect(Array.from({ length: 8 }, () => pulse.tick())).toEqual([...Array.from({ length: 7 }, () => "wait"), "dead"]);
});

test("any answer is a sign of life, and only the beat's makes room for the next beat", () => {
  const pulse = new Pulse(0);
  pulse.tick();
  for (let time = 0; time < 20; time += 1) {
    expect(pulse.tick()).toBe("wait");
    pulse.prove(time);
  }
  pulse.beaten(20);
  expect(pulse.tick()).toBe("beat");
});
