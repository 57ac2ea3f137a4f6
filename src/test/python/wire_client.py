"""A second implementation of the wire protocol, from the protocol's description alone: Debian's
python3-grpcio, python3-protobuf and python3-thrift, no generated code of ours.

    wire_client.py PORT USER PASSWORD SQL

Finds the live stack, runs the statement, and prints one JSON object.
"""
import json
import struct
import sys
from decimal import Decimal

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer

STRING, BYTES, BOOL, SINT64 = 9, 12, 8, 18
MESSAGES = {
    "Authenticate": ({1: ("user", STRING), 2: ("password", STRING)},
                     {1: ("sessionId", STRING), 2: ("new_strategy", STRING), 3: ("engineIP", STRING)}),
    "Prepare": ({1: ("sessionId", STRING), 2: ("schema", STRING), 3: ("catalog", STRING),
                 4: ("queryString", STRING), 5: ("quoting", STRING)},
                {1: ("engineIP", STRING), 2: ("queryId", STRING), 3: ("sessionId", STRING),
                 4: ("new_strategy", STRING)}),
    "Query": ({1: ("engineIP", STRING), 2: ("sessionId", STRING), 3: ("queryId", STRING)}, {}),
    "Done": ({}, {1: ("sessionId", STRING), 2: ("new_strategy", STRING)}),
    "Metadata": ({}, {1: ("resultMetaData", BYTES), 2: ("sessionId", STRING), 3: ("new_strategy", STRING)}),
    "Batch": ({}, {2: ("resultBatch", BYTES), 3: ("sessionId", STRING), 4: ("new_strategy", STRING)}),
    "Status": ({}, {2: ("status", BOOL), 3: ("rowCount", SINT64), 4: ("sessionId", STRING),
                    5: ("new_strategy", STRING)}),
}


def messages():
    file = descriptor_pb2.FileDescriptorProto(name="wire.proto", syntax="proto3")
    for name, parts in MESSAGES.items():
        for suffix, fields in zip(("Request", "Response"), parts):
            message = file.message_type.add(name=name + suffix)
            for number, (field, kind) in fields.items():
                message.field.add(name=field, number=number, type=kind, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {n: factory.GetPrototype(pool.FindMessageTypeByName(n)) for n in
            (m + s for m in MESSAGES for s in ("Request", "Response"))}


def read(protocol, kind):
    """Any Thrift value; a struct becomes a dictionary by field number."""
    if kind == TType.STRUCT:
        fields = {}
        protocol.readStructBegin()
        while True:
            _, kind, number = protocol.readFieldBegin()
            if kind == TType.STOP:
                return fields
            fields[number] = read(protocol, kind)
    if kind == TType.LIST:
        kind, size = protocol.readListBegin()
        return [read(protocol, kind) for _ in range(size)]
    return {TType.BOOL: protocol.readBool, TType.BYTE: protocol.readByte, TType.I32: protocol.readI32,
            TType.I64: protocol.readI64, TType.DOUBLE: protocol.readDouble,
            TType.STRING: protocol.readBinary}[kind]()


def column(vector):
    """The values of a vector, a constant one written out."""
    size, kind, nulls, data, constant = (vector[i] for i in range(1, 6))
    arm = next(iter(data.values()))
    values = [arm[1]] * size if constant or kind == 14 else arm[1]
    nulls = nulls * size if constant else nulls
    result = []
    for null, value in zip(nulls, values):
        if null:
            value = None
        elif kind == 16:
            value = str(Decimal(int.from_bytes(value, "big", signed=True)).scaleb(-arm[2]))
        elif isinstance(value, float) and value != value:
            value = "NaN"
        elif isinstance(value, bytes):
            value = value.decode("utf-8")
        result.append(value)
    assert len(result) == size, (len(result), size)
    return result


def metadata(data):
    rows, columns = struct.unpack_from(">qi", data)
    at, result = 12, []
    for _ in range(columns):
        texts = []
        for _ in range(4):
            (length,) = struct.unpack_from(">H", data, at)
            texts.append(data[at + 2:at + 2 + length].decode("utf-8"))
            at += 2 + length
        result.append(texts)
    assert at == len(data)
    return rows, result


def main(port, user, password, sql):
    types = messages()
    # As the existing connectors ping.
    channel = grpc.insecure_channel("127.0.0.1:" + port, options=[
        ("grpc.keepalive_time_ms", 30000), ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0), ("grpc.max_receive_message_length", -1)])
    strategy = None

    def call(rpc, request, response, **fields):
        stub = channel.unary_unary("/QueryEngineService/" + rpc,
                                   request_serializer=types[request + "Request"].SerializeToString,
                                   response_deserializer=types[response + "Response"].FromString)
        return stub(types[request + "Request"](**fields), timeout=60, metadata=(("strategy", strategy),))

    refused = []
    for strategy in ("blue", "green"):
        try:
            session = call("authenticate", "Authenticate", "Authenticate", user=user, password=password)
            break
        except grpc.RpcError as e:
            refused.append([strategy, e.code().name, e.details()])
    prepared = call("prepareStatementV2", "Prepare", "Prepare", sessionId=session.sessionId, queryString=sql)
    query = {"engineIP": prepared.engineIP, "sessionId": session.sessionId, "queryId": prepared.queryId}
    call("executeStatementV2", "Query", "Done", **query)
    rows, columns = metadata(call("getResultMetadata", "Query", "Metadata", **query).resultMetaData)
    batches, values = 0, [[] for _ in columns]
    while batch := call("getNextResultBatch", "Query", "Batch", **query).resultBatch:
        buffer = TMemoryBuffer(batch)
        chunk = read(TBinaryProtocol(buffer), TType.STRUCT)
        assert buffer.cstringio_buf.tell() == len(batch)
        for target, vector in zip(values, chunk[2]):
            target.extend(column(vector))
        batches += 1
    status = call("status", "Query", "Status", **query)
    call("clearOrCancelQuery", "Query", "Done", **query)
    call("clearOrCancelQuery", "Query", "Done", **query)
    print(json.dumps({"strategy": strategy, "new": session.new_strategy, "refused": refused, "rows": rows,
                      "columns": columns, "batches": batches, "values": values,
                      "status": [status.status, status.rowCount]}))


main(*sys.argv[1:])
