using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Ranking.Server;

/// <summary>Where a running server listens, as a program on this machine reaches it.</summary>
internal static class ServerAddresses
{
    /// <summary>The endpoints in the order of their names: gRPC, then HTTP.</summary>
    public static Uri[] Of(IServer server) =>
    [
        .. server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
            .Select(address => new UriBuilder(address.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal)).Uri)
            .Select(address => address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "localhost" }.Uri : address),
    ];
}
