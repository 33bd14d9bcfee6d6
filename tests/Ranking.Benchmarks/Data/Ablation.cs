using System.Globalization;
using Ranking.Configuration;
using Ranking.Evaluation;

namespace Ranking.Benchmarks;

/// <summary>
/// What each part of the signal is worth on KuaiRand, state running on: all of it, without each, each alone; then the
/// sparse variant.
/// </summary>
internal sealed class Ablation : Benchmark
{
    private static readonly SignalPart[] parts = Enum.GetValues<SignalPart>();

    public override string Name => "ablation";

    public override string Description => "AUC on KuaiRand by what of the signal is left out (a number: so many seeds, 1 where not given; without.ids, sparse.signal, …: only these)";

    public override async Task Run(Figures figures, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        TableJob.FindData();
        var seeds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        foreach (var (name, job) in Variants().Where(variant => arguments.Count < 2 || arguments.Contains(variant.Name)))
        {
            await RunAsync(name, job, seeds, figures, cancellation);
        }
    }

    private static IEnumerable<(string Name, JobSpec Job)> Variants()
    {
        var signal = JobFile.Load(TableJob.PathOf("kuairand-signal.yaml"));
        var all = SignalParts.All(signal, JobFile.Load(TableJob.PathOf("kuairand-sequences.yaml")));
        return
        [
            ("all", all),
            .. parts.Select(part => ($"without.{NameOf(part)}", SignalParts.Without(all, part))),
            .. parts.Select(part => ($"only.{NameOf(part)}", SignalParts.Without(all, parts.Where(other => other != part)))),
            ("none", SignalParts.Without(all, parts)),
            ("sparse.signal", SignalParts.WithTasks(signal, JobFile.Load(TableJob.PathOf("kuairand-like.yaml")))),
        ];
    }

    private static async Task RunAsync(
        string name, JobSpec spec, int seeds, Figures figures, CancellationToken cancellation)
    {
        var job = await TableJob.OpenAsync(spec, cancellation);
        var reports = new List<EvaluationReport>();
        var seconds = 0.0;
        for (var seed = 1; seed <= seeds; seed++)
        {
            var model = job.Model with { Training = job.Model.Training with { Seed = (ulong)seed } };
            reports.Add(await job.RunAsync(model, [], cancellation));
            seconds += job.TrainingTime.TotalSeconds / seeds;
            var aucs = string.Join("  ", reports[^1].Models[0].Outputs.Select(output => $"{output.Output} {output.Auc:F4}"));
            Console.Error.WriteLine($"  {name} seed {seed}: {aucs}, {job.TrainingTime.TotalSeconds:F0} s");
        }

        ArchitectureTable.AddMeans(reports, name, figures);
        figures.Add($"{name}.train_seconds", seconds);
    }

    private static string NameOf(SignalPart part) => part.ToString().ToLowerInvariant();
}
