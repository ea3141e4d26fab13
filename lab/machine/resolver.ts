import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { decode, encode, type Packet } from "dns-packet";
import { RESOLVER } from "./addresses";

/** What is not DNS gets no answer, as from any resolver. */
function parse(bytes: Buffer): Packet | undefined {
  try {
    const packet = decode(bytes);
    return packet.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}

/** Messages over TCP have their length, two bytes, in front. @see https://www.rfc-editor.org/rfc/rfc1035#section-4.2.2 */
function serveStream(socket: Socket, answer: (query: Packet) => Packet): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const query = parse(pending.subarray(2, end));
      pending = pending.subarray(end);
      if (!query) return socket.destroy();
      const bytes = encode(answer(query));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    }
  });
}

/** The VPC resolver, on UDP and TCP; returns what closes it. */
export async function startResolver(answer: (query: Packet) => Packet): Promise<() => void> {
  const udp = createSocket("udp4");
  udp.on("message", (bytes, peer) => {
    const query = parse(bytes);
    if (query) udp.send(encode(answer(query)), peer.port, peer.address);
  });
  udp.bind(53, RESOLVER);
  await once(udp, "listening");
  const tcp = createServer((socket) => serveStream(socket, answer));
  tcp.listen(53, RESOLVER);
  await once(tcp, "listening");
  return () => {
    udp.close();
    tcp.close();
  };
}
