import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { ReportedError } from "./runtime-error";

const VERSION = "2018-06-01";

export interface NextInvocation {
  headers: IncomingHttpHeaders;
  event: Buffer;
}

/** The function's side of the Lambda Runtime API. @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApiClient {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(private readonly address: string) {}

  /** Waits until there is one, however long. */
  async next(): Promise<NextInvocation> {
    const { headers, body } = await this.#call("GET", "invocation/next");
    return { headers, event: body };
  }

  async respond(requestId: string, response: string): Promise<void> {
    await this.#call("POST", `invocation/${requestId}/response`, response);
  }

  async fail(requestId: string, error: ReportedError): Promise<void> {
    await this.#call("POST", `invocation/${requestId}/error`, JSON.stringify(error), error.errorType);
  }

  async failInit(error: ReportedError): Promise<void> {
    await this.#call("POST", "init/error", JSON.stringify(error), error.errorType);
  }

  #call(method: string, path: string, body?: string, errorType?: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
    const [host, port] = this.address.split(":");
    const headers = {
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      // A header takes visible ASCII only.
      ...(errorType === undefined ? {} : { "lambda-runtime-function-error-type": errorType.replace(/[^!-~]/g, "?") }),
    };
    return new Promise((resolve, reject) => {
      const call = request({ host, port, method, path: `/${VERSION}/runtime/${path}`, headers, agent: this.#agent }, (answer) => {
        buffer(answer).then((bytes) => {
          const status = answer.statusCode ?? 0;
          if (status < 300) resolve({ headers: answer.headers, body: bytes });
          else reject(new Error(`runtime API: ${method} ${path} was answered ${status}: ${bytes.toString()}`));
        }, reject);
      });
      call.once("error", reject);
      call.end(body);
    });
  }
}
