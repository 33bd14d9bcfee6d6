using Ranking.Core;
using Ranking.Inference;

namespace Ranking.Benchmarks;

/// <summary>Requests to model R: ids by Zipf's law, of items all or a share from a pool of known ones.</summary>
/// <param name="model">The model.</param>
/// <param name="serving">What encodes.</param>
internal sealed class DrawnRequests(TrainingModelR model, ServingModel serving)
{
    public const int Candidates = 500;
    private const int KnownItems = 20_000;

    private readonly FeatureRecordWriter writer = new(model.Spec.Schema.Fingerprint);
    private readonly long[][] known = Known(model);

    /// <summary>A request, of whose items a share are of the pool.</summary>
    public EncodedBatch Draw(Random random, double knownShare)
    {
        var encoder = serving.CreateEncoder();
        var batch = encoder.CreateBatch();
        ReadOnlyMemory<byte>[] items = [.. Enumerable.Range(0, Candidates).Select(_ => Item(random, knownShare))];
        encoder.Encode(batch, 0, User(random), default, items, new ReadOnlyMemory<byte>[Candidates]);
        return batch;
    }

    /// <summary>Requests of some callers, each by itself, and the candidates of all in one batch.</summary>
    public (EncodedBatch[] Alone, EncodedBatch Together) Callers(Random random, int callers, int candidates)
    {
        var encoder = serving.CreateEncoder();
        var alone = new EncodedBatch[callers];
        List<Example> all = [];
        for (var caller = 0; caller < callers; caller++)
        {
            ReadOnlyMemory<byte> user = User(random);
            ReadOnlyMemory<byte>[] items = [.. Enumerable.Range(0, candidates).Select(_ => Item(random, knownShare: 0))];
            encoder.Encode(alone[caller] = encoder.CreateBatch(), 0, user, default, items, new ReadOnlyMemory<byte>[candidates]);
            all.AddRange(items.Select(item => Impression(all.Count, user, item)));
        }

        var together = encoder.CreateBatch();
        encoder.Encode(together, all.ToArray());
        return (alone, together);
    }

    /// <summary>A request's records as a store has them: the user's, then the items'.</summary>
    public FeatureValue[] Stored(Random random, int candidates) =>
    [
        new(FeatureStatus.Found, User(random)),
        .. Enumerable.Range(0, candidates).Select(_ => new FeatureValue(FeatureStatus.Found, Item(random, knownShare: 0))),
    ];

    /// <summary>Impressions as a log of such requests would have them.</summary>
    public IEnumerable<Example> Examples(Random random, int count) =>
        Enumerable.Range(0, count).Select(number => Impression(number, User(random), Item(random, knownShare: 0.5)));

    private static Example Impression(int number, ReadOnlyMemory<byte> user, ReadOnlyMemory<byte> item) => new()
    {
        Sequence = number,
        EventTime = 0,
        Impression = (UInt128)number,
        User = 0,
        Features = new FeatureRecords(user, default, item, default),
        Labels = 0,
        Observed = 0,
    };

    private byte[] User(Random random) => Record(FeatureScope.User, Ids(model, random, FeatureScope.User));

    private byte[] Item(Random random, double knownShare) =>
        Record(FeatureScope.Item, random.NextDouble() < knownShare ? known[random.Next(known.Length)] : Ids(model, random, FeatureScope.Item));

    private byte[] Record(FeatureScope scope, long[] ids)
    {
        writer.Clear();
        foreach (var (number, feature) in model.Spec.Schema.Features.Where(feature => feature.Scope == scope).Index())
        {
            writer.Write(feature.Id, ids[number]);
        }

        return writer.ToArray();
    }

    private static long[][] Known(TrainingModelR model)
    {
        var pool = new Random(99);
        return [.. Enumerable.Range(0, KnownItems).Select(_ => Ids(model, pool, FeatureScope.Item))];
    }

    private static long[] Ids(TrainingModelR model, Random random, FeatureScope scope) =>
        [.. model.Spec.Schema.Features.Where(feature => feature.Scope == scope).Select(_ => Math.Min(model.IdsPerTable - 1, (long)Math.Exp(random.NextDouble() * Math.Log(model.IdsPerTable + 1)) - 1))];
}
