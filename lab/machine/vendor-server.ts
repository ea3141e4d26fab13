import { createServer } from "node:http";

/** A vendor on the internet: answers each request with the source address it sees, as JSON or as plain text (`Accept: text/plain`). */
export function serveVendor(address: string, port: number): void {
  const server = createServer((request, response) => {
    const sourceAddress = request.socket.remoteAddress ?? "";
    const plain = request.headers.accept?.startsWith("text/plain") ?? false;
    response.setHeader("content-type", plain ? "text/plain" : "application/json");
    response.end(plain ? `${sourceAddress}\n` : `${JSON.stringify({ sourceAddress })}\n`);
    request.resume();
  });
  server.listen(port, address, () => process.stdout.write("listening\n"));
}
