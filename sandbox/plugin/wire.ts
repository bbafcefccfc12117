import * as struct from "google-protobuf/google/protobuf/struct_pb";

import { type Values } from "../values";

/** Property values between protocol messages and plain JSON. */
export function toStruct(values: Values): struct.Struct {
  return struct.Struct.fromJavaScript(values);
}

export function fromStruct(message: struct.Struct | undefined): Values {
  return message?.toJavaScript() ?? {};
}
