using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace Ranking.Standalone;

/// <summary>
/// A store of the Redis protocol inside this process, on a free loopback port: Microsoft Garnet, in memory only.
/// It knows the commands that a feature store needs; client tracking it does not.
/// </summary>
public sealed class EmbeddedRedis : IDisposable
{
    private const int Attempts = 5;

    private readonly GarnetServer server;

    private EmbeddedRedis(GarnetServer server, int port)
    {
        this.server = server;
        Endpoint = $"127.0.0.1:{port}";
    }

    /// <summary>Where clients connect: host:port.</summary>
    public string Endpoint { get; }

    /// <summary>Starts the store.</summary>
    /// <exception cref="InvalidOperationException">No free port was found, several times over.</exception>
    public static EmbeddedRedis Start()
    {
        // Another program may take the port between finding and binding it.
        Exception? last = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = FindFreePort();
            var server = Create(port);
            try
            {
                server.Start();
                return new EmbeddedRedis(server, port);
            }
            catch (SocketException e)
            {
                server.Dispose();
                last = e;
            }
        }

        throw new InvalidOperationException($"the embedded Redis found no port to listen on in {Attempts} attempts.", last);
    }

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();

    private static GarnetServer Create(int port) => new(new GarnetServerOptions
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        QuietMode = true,
        LogMemorySize = "256m",
        PageSize = "4m",
        IndexMemorySize = "16m",
    });

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
