using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Ranking.Contracts.V1;
using Ranking.Core;
using FeatureColumn = Ranking.Contracts.V1.FeatureColumn;

namespace Ranking.Server;

/// <summary>Checks what Rank and Score have in common and brings it into the pipeline's form.</summary>
internal sealed class RequestMapper(ServerOptions settings, TimeProvider time)
{
    private const int LongestId = 1024;

    // Of as many requests as were checked at once.
    private readonly ConcurrentBag<Dictionary<string, int>> idle = [];

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every violation.</exception>
    public ScoringRequest Map(
        LoadedModel model, string userId, RepeatedField<string> itemIds, RepeatedField<FeatureColumn> features, RequestOptions options, uint? topK = null)
    {
        var violations = new Violations();
        CheckUser(userId, violations);
        CheckItems(itemIds, violations);
        violations.Check(topK is not 0, "top_k", "is 0: give 1 or more, or leave it out for all");
        violations.Check(options is not { HasRequestId: true, RequestId.Length: 0 or > LongestId }, "options.request_id", $"must have 1 to {LongestId} characters; leave it out to have one made");
        var columns = new ColumnSet(model.Spec.Schema, features, feature => feature.Scope is FeatureScope.User or FeatureScope.Context ? 1 : itemIds.Count, violations);
        var objective = ObjectiveOf(model, options, violations);
        violations.ThrowIfAny();
        return new ScoringRequest
        {
            UserId = userId,
            ItemIds = itemIds,
            Features = new RequestFeatures(
                columns.RecordsOf(FeatureScope.User, 1) is [var user] ? user : default,
                columns.RecordsOf(FeatureScope.Context, 1) is [var context] ? context : default,
                columns.RecordsOf(FeatureScope.Item, itemIds.Count),
                columns.RecordsOf(FeatureScope.Pair, itemIds.Count)),
            Objective = objective!,
            Constants = options.ObjectiveConstants.ToImmutableDictionary(),
            Time = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    private void CheckItems(RepeatedField<string> itemIds, Violations violations)
    {
        violations.Check(itemIds.Count > 0, "item_ids", "is empty: give at least one candidate");
        violations.Check(itemIds.Count <= settings.MaxCandidates, "item_ids", $"has {itemIds.Count} candidates: at most {settings.MaxCandidates} are taken");
        var seen = idle.TryTake(out var used) ? used : new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < itemIds.Count; index++)
        {
            var id = itemIds[index];
            if (!IsId(id))
            {
                violations.Add($"item_ids[{index}]", FaultOf(id));
            }

            if (!seen.TryAdd(id, index))
            {
                violations.Add($"item_ids[{index}]", $"'{id}' stands at {seen[id]} already: give each candidate once");
            }
        }

        seen.Clear();
        idle.Add(seen);
    }

    private static void CheckUser(string id, Violations violations)
    {
        if (!IsId(id))
        {
            violations.Add("user_id", FaultOf(id));
        }
    }

    private static bool IsId(string id) => id.Length is > 0 and <= LongestId;

    private static string FaultOf(string id) => id.Length == 0 ? "is empty" : $"has {id.Length} characters: at most {LongestId} are taken";

    private static ObjectiveProgram? ObjectiveOf(LoadedModel model, RequestOptions options, Violations violations)
    {
        var name = options.HasObjective ? options.Objective : model.Spec.Objectives[0].Name;
        if (!model.Objectives.TryGetValue(name, out var objective))
        {
            violations.Add("options.objective", $"'{name}' is no objective of the model: it has {string.Join(", ", model.Spec.Objectives.Select(one => one.Name))}");
            return null;
        }

        foreach (var (constant, value) in options.ObjectiveConstants)
        {
            violations.Check(objective.Objective.Constants.ContainsKey(constant), $"options.objective_constants[{constant}]",
                $"is no constant of objective '{name}': it has {string.Join(", ", objective.Objective.Constants.Keys)}");
            violations.Check(double.IsFinite(value), $"options.objective_constants[{constant}]", $"is {value}: give a finite number");
        }

        return objective;
    }
}
