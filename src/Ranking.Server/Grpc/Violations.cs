using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Ranking.Server;

/// <summary>Everything that is wrong with a request, collected so that the caller sees all of it at once.</summary>
internal sealed class Violations
{
    // A request may be wrong in each of thousands of rows; the first of them tell enough.
    private const int Most = 50;

    private readonly BadRequest found = new();

    public void Add(string field, string description)
    {
        if (found.FieldViolations.Count < Most)
        {
            found.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
        }
    }

    public void Check(bool holds, string field, string description)
    {
        if (!holds)
        {
            Add(field, description);
        }
    }

    /// <exception cref="RpcException">INVALID_ARGUMENT with a google.rpc.BadRequest, if anything was found.</exception>
    public void ThrowIfAny()
    {
        if (found.FieldViolations.Count > 0)
        {
            var text = string.Join("; ", found.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}"));
            throw new Google.Rpc.Status { Code = (int)Code.InvalidArgument, Message = text, Details = { Any.Pack(found) } }.ToRpcException();
        }
    }
}
