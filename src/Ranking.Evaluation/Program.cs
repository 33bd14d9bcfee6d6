using Microsoft.Extensions.Configuration;
using Ranking.Configuration;
using Ranking.Core;
using Ranking.Files;
using Ranking.Streaming;

namespace Ranking.Evaluation;

/// <summary>
/// An offline AUC job: <c>Ranking.Evaluation [ranking.yaml]</c>, with settings from appsettings.json, the environment (<c>Ranking__Evaluation__Job</c>, <c>Ranking__Kafka__…</c>)
/// and arguments (<c>--Ranking:Evaluation:Log=data/log</c>). Exit codes: 0 done, 2 wrong settings or data, 3 Kafka
/// cannot be reached, 4 the comparison did not come to what is required, 130 stopped.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        return await RunAsync(args, Console.Out, Console.Error, stop.Token);
    }

    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables().AddCommandLine(WithJob(args)).Build();
            var settings = configuration.GetSection(EvaluationSettings.Section).Get<EvaluationSettings>() ?? new EvaluationSettings();
            var job = JobFile.Load(settings.Job);
            var section = configuration.GetSection("Ranking:Kafka");
            var kafka = new KafkaSettings { BootstrapServers = section[nameof(KafkaSettings.BootstrapServers)] ?? "localhost:9092" };
            section.Bind(kafka);
            var host = new EvaluationHost(settings, job, kafka with { Namespace = job.Topics.Namespace });
            var report = await host.RunAsync(new Silent(), error.WriteLine, cancellation);
            ReportWriter.WriteConsole(report, output);
            return settings.IsMet(report) ? 0 : 4;
        }
        catch (Exception wrong) when (wrong is ConfigurationException or EvaluationException or TableException or ArgumentException or InvalidDataException)
        {
            await error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (Exception unreachable) when (unreachable is ServiceUnreachableException or TimeoutException)
        {
            await error.WriteLineAsync(unreachable.Message);
            return 3;
        }
        catch (IOException failed)
        {
            await error.WriteLineAsync(failed.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
    }

    // The job file may stand first, without a name.
    private static string[] WithJob(string[] args) =>
        args is [{ } job, .. var rest] && !job.StartsWith('-') ? [$"--{EvaluationSettings.Section}:{nameof(EvaluationSettings.Job)}={job}", .. rest] : args;

    private sealed class Silent : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
        }
    }
}
