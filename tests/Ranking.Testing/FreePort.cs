using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ranking.Testing;

/// <summary>
/// Ports of 127.0.0.1 on which nothing listens. They lie below those that the kernel hands out, and each is this process's
/// until it ends, so that no connection or server of a test that runs beside takes one before it is listened on.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int End = 16_000;

    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"ranking-test-ports-{Environment.UserName}")).FullName;
    private static readonly ConcurrentBag<FileStream> Held = [];

    /// <summary>One free port.</summary>
    public static int Next() => Next(1)[0];

    /// <summary>Several free ports, all different.</summary>
    public static int[] Next(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(First, End);
            if (TryHold(port) && IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    // The lock on a file named after the port: between looking and listening a second passes, in which a test beside would look, too.
    private static bool TryHold(int port)
    {
        try
        {
            Held.Add(new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until something accepts connections on the port.</summary>
    /// <exception cref="TimeoutException">Nothing does in time.</exception>
    public static async Task WaitUntilOpen(int port, TimeSpan timeout)
    {
        var deadline = TimeProvider.System.GetUtcNow() + timeout;
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (TimeProvider.System.GetUtcNow() < deadline)
            {
                await Task.Delay(20);
            }
            catch (SocketException e)
            {
                throw new TimeoutException($"nothing listens on 127.0.0.1:{port} after {timeout}", e);
            }
        }
    }
}
