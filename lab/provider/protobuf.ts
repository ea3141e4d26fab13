import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CreateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";

// The messages of @pulumi/pulumi take only parts of the same copy of google-protobuf, which need not be the one that an import here would find,
// and two copies in one process overwrite each other's types. So its own decoders make what is needed.

/** Field 2 of a CreateResponse, empty, is a Struct. */
export const Struct = structOf(CreateResponse.deserializeBinary(Uint8Array.of(0x12, 0)).getProperties());

export const empty = (): Empty => ResourceProviderService.cancel.responseDeserialize(Buffer.alloc(0));

/** Field 3 of a Status, empty, is a detail to be filled in. */
export const statusWithOneDetail = (): Status => Status.deserializeBinary(Uint8Array.of(0x1a, 0));

function structOf(message: StructMessage | undefined): typeof StructMessage {
  if (!message) throw new Error("@pulumi/pulumi: a CreateResponse with properties decodes to one without");
  return message.constructor as typeof StructMessage;
}
