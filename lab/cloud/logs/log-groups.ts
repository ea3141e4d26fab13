import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";

/** Milliseconds for which lines are gathered into one call. */
const GATHER_MS = 500;

/** CloudWatch Logs as services write it: groups and streams are made as they are needed. */
export class LogGroups {
  readonly #lines = new Map<string, { group: string; stream: string; events: InputLogEvent[] }>();
  readonly #made = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  put(group: string, stream: string, message: string): void {
    const key = `${group} ${stream}`;
    const lines = this.#lines.get(key) ?? { group, stream, events: [] };
    this.#lines.set(key, lines);
    // An event has at least one character.
    lines.events.push({ timestamp: Date.now(), message: message || " " });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write()).catch(this.onFailure);
    }, GATHER_MS).unref();
  }

  async #write(): Promise<void> {
    const gathered = [...this.#lines.values()];
    this.#lines.clear();
    for (const { group, stream, events } of gathered) {
      await this.#put(group, stream, events).catch(async (error: Error) => {
        if (error.name !== "ResourceNotFoundException") throw error;
        // Someone deleted it.
        this.#made.clear();
        await this.#put(group, stream, events);
      });
    }
  }

  async #put(logGroupName: string, logStreamName: string, logEvents: InputLogEvent[]): Promise<void> {
    await this.#make(`group ${logGroupName}`, () => this.client.send(new CreateLogGroupCommand({ logGroupName })));
    await this.#make(`stream ${logGroupName} ${logStreamName}`, () => this.client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })));
    await this.client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }

  async #make(what: string, make: () => Promise<unknown>): Promise<void> {
    if (this.#made.has(what)) return;
    await make().catch((error: Error) => {
      if (error.name !== "ResourceAlreadyExistsException") throw error;
    });
    this.#made.add(what);
  }
}
