using Ranking.Testing;

namespace Ranking.Architecture.Tests;

public sealed class ChartTests
{
    private static readonly string chart = Path.Combine(SharedFolder.RepositoryRoot, "helm", "ranking");

    [Fact]
    public async Task Chart_WithItsOwnValues_PassesLintAndSchemas()
    {
        Assert.Contains("0 chart(s) failed", await Helm("lint", chart, "--strict"), StringComparison.Ordinal);

        Assert.Contains("Invalid: 0, Errors: 0", await Check(await Helm("template", chart)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chart_WithEverythingSwitchedOn_PassesTheSchemas()
    {
        var rendered = await Helm("template", chart, "--set", "serviceMonitor.enabled=true,networkPolicy.enabled=true",
            "--set", "server.autoscaling.enabled=false,server.settings.Some__Setting=5", "--set", "trainer.job=tasks: []",
            "--set", "server.secretSettings[0].name=Password,server.secretSettings[0].secret=redis,server.secretSettings[0].key=password");

        Assert.Contains("Some__Setting: \"5\"", rendered, StringComparison.Ordinal);
        Assert.DoesNotContain("HorizontalPodAutoscaler", rendered, StringComparison.Ordinal);
        Assert.Contains("Invalid: 0, Errors: 0", await Check(rendered), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chart_WithAMisspeltValue_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Helm("template", chart, "--set", "server.replica=3"));

        Assert.Contains("'replica' not allowed", error.Message, StringComparison.Ordinal);
    }

    private static Task<string> Helm(params string[] arguments) => ChildProcess.Run(SharedFolder.Require("bin", "helm"), arguments);

    private static async Task<string> Check(string manifests)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("manifests.yaml");
        await File.WriteAllTextAsync(file, manifests);
        return await ChildProcess.Run(SharedFolder.Require("bin", "kube-check"), file);
    }
}
