using System.Collections.Immutable;
using Ranking.Inference;
using Ranking.Models;
using Ranking.Testing;

namespace Ranking.Server.Tests;

public sealed class ScorerPoolTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ServingModel model;

    public ScorerPoolTests()
    {
        TestModel.Publish(folder.Path, "main", "v1", 0.25);
        model = ServingModel.Load(ModelArtifact.Open(new FolderModelStore(folder.Path).FolderOf("main", "v1")));
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Rent_ScorerReturned_GivesItAgain()
    {
        using var pool = new ScorerPool();
        var (first, second) = (Rent(pool), Rent(pool));
        pool.Return(first);

        Assert.NotSame(first, second);
        Assert.Same(first, Rent(pool));
        pool.Return(first);
        pool.Return(second);
    }

    [Fact]
    public void Dispose_SharedPool_EndsItsScorersWithTheLastOwner()
    {
        var pool = new ScorerPool();
        var shared = pool.Share();
        var scorer = Rent(pool);
        pool.Return(scorer);
        pool.Dispose();

        Assert.Same(scorer, Rent(shared));
        shared.Return(scorer);
        shared.Dispose();
        using var other = Rent(shared);
        Assert.NotSame(scorer, other);
    }

    private Scorer Rent(ScorerPool pool) => pool.Rent(model, ImmutableArray<NamedOutput>.Empty);
}
