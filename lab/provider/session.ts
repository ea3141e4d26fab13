import { type AwsClients, awsClients } from "./aws/clients";
import type { Settings } from "./provider-config";

/** One configured provider resource in one run of the engine. */
export class Session {
  readonly #cancel = new AbortController();

  constructor(
    readonly settings: Settings,
    readonly aws: AwsClients,
  ) {}

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort();
  }
}

/** All provider resources of all runs share this process, but each has a connection of its own: that tells them apart. */
export class Sessions {
  readonly #byPeer = new Map<string, Session>();
  readonly #clients = new Map<string, AwsClients>();

  open(peer: string, settings: Settings): void {
    this.#byPeer.set(peer, new Session(settings, this.#clientsOf(settings.region)));
  }

  of(peer: string): Session {
    const session = this.#byPeer.get(peer);
    if (!session) throw new Error(`connection ${peer}: the engine has not configured the provider on it`);
    return session;
  }

  cancel(peer: string): void {
    this.#byPeer.get(peer)?.cancel();
  }

  #clientsOf(region: string): AwsClients {
    const clients = this.#clients.get(region) ?? awsClients(region);
    this.#clients.set(region, clients);
    return clients;
  }
}
