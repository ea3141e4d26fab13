export interface Registration {
  id: string;
  ip: string;
  port: number;
  /** Since when it leaves, and until when it may finish, in milliseconds; absent while registered. */
  drainingUntil?: number;
}

/** Who is registered with which target group, and who leaves. moto forgets a target at once; its deregistration delay is kept here. */
export class Registrations {
  readonly #groups = new Map<string, Map<string, Registration>>();

  of(targetGroupArn: string): Registration[] {
    return [...(this.#groups.get(targetGroupArn)?.values() ?? [])];
  }

  register(targetGroupArn: string, target: Registration): void {
    const group = this.#groups.get(targetGroupArn) ?? new Map<string, Registration>();
    this.#groups.set(targetGroupArn, group);
    const known = group.get(key(target));
    // Registered again while it leaves: it stays, as a new target.
    if (known === undefined || known.drainingUntil !== undefined || known.ip !== target.ip) group.set(key(target), target);
  }

  /** All ports of the target when none is named. */
  deregister(targetGroupArn: string, target: { id: string; port?: number }, drainingUntil: number): void {
    for (const known of this.of(targetGroupArn)) {
      if (known.id !== target.id || (target.port !== undefined && known.port !== target.port) || known.drainingUntil !== undefined) continue;
      this.#groups.get(targetGroupArn)?.set(key(known), { ...known, drainingUntil });
    }
  }

  /** Makes the group have exactly these targets: others leave. Those known better stay as they are. */
  match(targetGroupArn: string, targets: readonly Registration[], drainingUntil: number, isKnownBetter: (id: string) => boolean): void {
    const wanted = new Set(targets.map(key));
    for (const known of this.of(targetGroupArn)) {
      if (!wanted.has(key(known)) && !isKnownBetter(known.id)) this.deregister(targetGroupArn, known, drainingUntil);
    }
    for (const target of targets) if (!isKnownBetter(target.id)) this.register(targetGroupArn, target);
  }

  /** Forgets those whose time is over, and groups that are gone. Gives the next moment at which one will be. */
  expire(now: number, exists: (targetGroupArn: string) => boolean): number | undefined {
    let next: number | undefined;
    for (const [arn, group] of this.#groups) {
      if (!exists(arn)) this.#groups.delete(arn);
      for (const [name, { drainingUntil }] of group) {
        if (drainingUntil === undefined) continue;
        if (drainingUntil <= now) group.delete(name);
        else next = Math.min(next ?? drainingUntil, drainingUntil);
      }
    }
    return next;
  }
}

const key = ({ id, port }: { id: string; port: number }): string => `${id}:${port}`;
