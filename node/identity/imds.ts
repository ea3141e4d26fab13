/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const IMDS_URL = "http://169.254.169.254";
/** Seconds, the longest AWS allows. */
const TOKEN_TTL_SECONDS = 21_600;
const ANSWER_LIMIT_MS = 2000;

export interface Identity {
  id: string;
  zone: string;
  ip: string;
}

/** What the machine is told of itself, by IMDSv2. */
export class InstanceMetadata {
  readonly #url: string;
  #token: string | undefined;

  constructor(url = IMDS_URL) {
    this.#url = url;
  }

  async identity(): Promise<Identity> {
    const id = await this.#required("instance-id");
    const zone = await this.#required("placement/availability-zone");
    const ip = await this.#required("local-ipv4");
    return { id, zone, ip };
  }

  /**
   * "InService", "Terminated" and the like; undefined outside an Auto Scaling group.
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
   */
  targetLifecycleState(): Promise<string | undefined> {
    return this.#get("autoscaling/target-lifecycle-state");
  }

  async #required(path: string): Promise<string> {
    const value = await this.#get(path);
    if (value === undefined) throw new Error(`instance metadata/${path}: must be there, got 404`);
    return value;
  }

  /** A token may be refused before its time (a restored instance): one new one is asked for. */
  async #get(path: string): Promise<string | undefined> {
    let response = await this.#ask(path, await this.#freshToken(false));
    if (response.status === 401) response = await this.#ask(path, await this.#freshToken(true));
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`instance metadata/${path}: must answer 200, got ${response.status}`);
    return (await response.text()).trim();
  }

  #ask(path: string, token: string): Promise<Response> {
    return fetch(`${this.#url}/latest/meta-data/${path}`, {
      headers: { "x-aws-ec2-metadata-token": token },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
  }

  async #freshToken(renew: boolean): Promise<string> {
    if (this.#token !== undefined && !renew) return this.#token;
    const response = await fetch(`${this.#url}/latest/api/token`, {
      method: "PUT",
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": String(TOKEN_TTL_SECONDS) },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    if (!response.ok) throw new Error(`instance metadata/token: must answer 200, got ${response.status}`);
    this.#token = await response.text();
    return this.#token;
  }
}
