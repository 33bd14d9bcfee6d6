using Ranking.Testing;

namespace Ranking.Architecture.Tests;

public sealed class SourceTests
{
    private const int LongestFile = 300;

    private static readonly string[] topLevel =
    [
        ".ci", ".editorconfig", ".gitignore", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "README.md", "Ranking.sln",
        "build.sh", "deploy", "global.json", "helm", "proto", "src", "tests",
    ];

    // Put together here, so that this file does not hold what it forbids.
    private static readonly string[] unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];

    [Fact]
    public async Task TopLevel_OfTheRepository_HoldsOnlyWhatIsListed() =>
        Assert.Empty((await TrackedFiles()).Select(path => path.Split('/')[0]).Distinct().Except(topLevel));

    [Fact]
    public async Task Sources_AreNoLonger_ThanThreeHundredLines() =>
        Assert.Empty((await Sources()).Where(file => file.Lines.Length > LongestFile).Select(file => $"{file.Path}: {file.Lines.Length} lines"));

    [Fact]
    public async Task Sources_HoldNoUnfinishedWork() =>
        Assert.Empty(from file in await Sources()
                     from line in file.Lines
                     where unfinished.Any(word => line.Contains(word, StringComparison.Ordinal))
                     select $"{file.Path}: {line.Trim()}");

    [Fact]
    public async Task Folders_AreNamed_ForWhatTheyHold() =>
        Assert.DoesNotContain(await TrackedFiles(), path => path.Split('/').Any(part => part is "Common" or "Utils" or "Helpers"));

    [Fact]
    public async Task RpcException_IsKnown_OnlyWhereTheWireIs() =>
        Assert.Empty((await Sources())
            .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)
                && !file.Path.StartsWith("src/Ranking.Server/Grpc/", StringComparison.Ordinal)
                && !file.Path.StartsWith("src/Ranking.Cli/", StringComparison.Ordinal)
                && file.Lines.Any(line => line.Contains("RpcException", StringComparison.Ordinal)))
            .Select(file => file.Path));

    private static async Task<IEnumerable<(string Path, string[] Lines)>> Sources() =>
        from path in await TrackedFiles()
        where Path.GetExtension(path) is ".cs" or ".proto" or ".sh" or ".yaml" or ".csproj" or ".props"
        select (path, File.ReadAllLines(Path.Combine(SharedFolder.RepositoryRoot, path)));

    private static async Task<string[]> TrackedFiles()
    {
        var listed = await ChildProcess.Run("git", "-C", SharedFolder.RepositoryRoot, "ls-files");
        return [.. listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Path.Combine(SharedFolder.RepositoryRoot, path)))];
    }
}
