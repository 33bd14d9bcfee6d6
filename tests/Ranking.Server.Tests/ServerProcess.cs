using System.Diagnostics;
using Grpc.Net.Client;
using Ranking.Testing;

namespace Ranking.Server.Tests;

/// <summary>The server's own program with its settings in the environment, as a container has it; model <c>main</c>, version <c>v1</c>.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly Process process;

    private ServerProcess(TemporaryFolder folder, Process process, int grpcPort, int httpPort)
    {
        (this.folder, this.process) = (folder, process);
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpcPort}");
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
    }

    public GrpcChannel Channel { get; }

    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<ServerProcess> Start(string redis, params (string Name, string Value)[] settings)
    {
        var folder = new TemporaryFolder();
        TestModel.Publish(folder.Path, "main", "v1", 0.25);
        var ports = FreePort.Next(2);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ranking.Server"));
        (string Name, string Value)[] all =
        [
            ("Ranking__ModelStore", folder.Path), ("Ranking__Models__0", "main"), ("Ranking__Redis__Endpoints__0", redis),
            ("Ranking__Redis__Namespace", Guid.NewGuid().ToString("N")), ("Ranking__Redis__ReadTimeout", "00:00:10"),
            ("Ranking__DefaultDeadline", "00:00:30"), ("Ranking__WarmUpLimit", "00:00:01"),
            ("Kestrel__Endpoints__Grpc__Url", $"http://127.0.0.1:{ports[0]}"), ("Kestrel__Endpoints__Http__Url", $"http://127.0.0.1:{ports[1]}"),
            ("Logging__LogLevel__Default", "Warning"),
            .. settings,
        ];
        foreach (var (name, value) in all)
            start.Environment[name] = value;
        var server = new ServerProcess(folder, Process.Start(start)!, ports[0], ports[1]);
        await FreePort.WaitUntilOpen(ports[1], TimeSpan.FromSeconds(60));
        await TestServer.UntilAsync(async () => (await server.Ready()).StartsWith("ready", StringComparison.Ordinal));
        return server;
    }

    /// <summary>What <c>/readyz</c> says.</summary>
    public async Task<string> Ready()
    {
        using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends SIGTERM.</summary>
    // The shell's own kill: a bare machine has no program of that name.
    public Task Terminate() => ChildProcess.Run("bash", "-c", $"kill -TERM {process.Id}");

    /// <summary>Its exit code, when it has ended.</summary>
    public async Task<int> ExitCode()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Channel.Dispose();
        Http.Dispose();
        folder.Dispose();
    }
}
