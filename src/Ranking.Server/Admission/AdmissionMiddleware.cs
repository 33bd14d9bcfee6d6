using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ranking.Contracts.V1;

namespace Ranking.Server;

/// <summary>Refuses Rank and Score where too much lies ahead of them, before their message is read: by its length and its deadline.</summary>
internal sealed class AdmissionMiddleware(AdmissionControl admission, WireWarmer wire, ServerMetrics metrics, ServerOptions options) : IMiddleware
{
    // Of a gRPC message: one byte says whether it is compressed, four how long it is.
    private const int Prefix = 5;

    private static readonly string Service = RankingService.Descriptor.FullName;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Until all is compiled, what a call takes says nothing, and there are no callers but the server itself.
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName != Service || !wire.IsWarm)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        var bytes = isGrpc ? await LengthOfMessageAsync(context).ConfigureAwait(false) : context.Request.ContentLength ?? 0;
        var refusal = admission.TryEnter(bytes, TimeLeft(context.Request.Headers["grpc-timeout"]), out var ticket);
        if (refusal != AdmissionRefusal.None)
        {
            metrics.CountRefused(refusal);
            await RefuseAsync(context, isGrpc, refusal).ConfigureAwait(false);
            return;
        }

        var wasWorkedFor = false;
        try
        {
            await next(context).ConfigureAwait(false);
            wasWorkedFor = isGrpc
                ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"].ToString() is "0" or "4"
                : context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status504GatewayTimeout;
        }
        finally
        {
            admission.Leave(ticket, wasWorkedFor);
        }
    }

    // The prefix stays where it is, for the one who reads the message.
    private static async ValueTask<long> LengthOfMessageAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync(Prefix, context.RequestAborted).ConfigureAwait(false);
        var length = read.Buffer.Length < Prefix ? 0 : LengthIn(read.Buffer.Slice(1, Prefix - 1));
        context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
        return length;
    }

    private static long LengthIn(ReadOnlySequence<byte> prefix)
    {
        Span<byte> bytes = stackalloc byte[Prefix - 1];
        prefix.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    // As gRPC writes it over HTTP/2: at most eight digits and a unit. What is not that, the gRPC server refuses.
    private TimeSpan TimeLeft(string? timeout)
    {
        if (timeout is not { Length: > 1 } || !long.TryParse(timeout.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return options.DefaultDeadline;
        }

        return timeout[^1] switch
        {
            'H' => TimeSpan.FromHours(number),
            'M' => TimeSpan.FromMinutes(number),
            'S' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMilliseconds(number),
            'u' => TimeSpan.FromMicroseconds(number),
            'n' => TimeSpan.FromTicks(number / TimeSpan.NanosecondsPerTick),
            _ => options.DefaultDeadline,
        };
    }

    private Task RefuseAsync(HttpContext context, bool isGrpc, AdmissionRefusal refusal)
    {
        var ahead = $"{admission.Ahead.TotalMilliseconds:0} ms of work lie ahead of the request";
        var message = refusal == AdmissionRefusal.Queue
            ? $"{ahead}, more than the server's QueueLimit of {options.QueueLimit.TotalMilliseconds:0} ms: send it to another server, or later"
            : $"{ahead}, more than its deadline leaves time for: send it to another server, or later, or with a later deadline";
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)Grpc.Core.StatusCode.ResourceExhausted).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonFormatter.Default.Format(new Google.Rpc.Status { Code = (int)Google.Rpc.Code.ResourceExhausted, Message = message }), context.RequestAborted);
    }
}
