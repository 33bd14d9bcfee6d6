using Google.Protobuf.Collections;
using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Core;

namespace Ranking.Server;

/// <summary>Reads and writes profiles by the names of a model's schema.</summary>
internal sealed class FeatureGrpcService(ModelRegistry registry, IFeatureStore store, ServerOptions settings) : FeatureService.FeatureServiceBase
{
    public override async Task<PutFeaturesResponse> PutFeatures(PutFeaturesRequest request, ServerCallContext context)
    {
        using var lease = registry.Require(request.HasModel ? request.Model : null).Require();
        var violations = new Violations();
        var (scope, kind) = ScopeOf(request.Entity, violations);
        CheckIds(request.Ids, violations);
        var columns = new ColumnSet(lease.Model.Spec.Schema, request.Features, feature => feature.Scope == scope ? request.Ids.Count : -1, violations);
        violations.Check(request.Features.Count > 0, "features", "is empty: give at least one column");
        violations.ThrowIfAny();

        using var deadline = Deadline.Of(context, settings);
        var records = columns.RecordsOf(scope, request.Ids.Count);
        await store.WriteAsync(
            [.. request.Ids.Zip(records, (id, record) => KeyValuePair.Create(new FeatureKey(kind, id, FeatureGroup.Profile), record))],
            deadline.Token).ConfigureAwait(false);
        return new PutFeaturesResponse { Written = (uint)request.Ids.Count };
    }

    public override async Task<GetFeaturesResponse> GetFeatures(GetFeaturesRequest request, ServerCallContext context)
    {
        using var lease = registry.Require(request.HasModel ? request.Model : null).Require();
        var violations = new Violations();
        var (scope, kind) = ScopeOf(request.Entity, violations);
        violations.Check(request.Id.Length > 0, "id", "is empty");
        violations.ThrowIfAny();

        using var deadline = Deadline.Of(context, settings);
        var values = new FeatureValue[1];
        await store.ReadAsync(new[] { new FeatureKey(kind, request.Id, FeatureGroup.Profile) }, values, deadline.Token).ConfigureAwait(false);
        return values[0].Status switch
        {
            FeatureStatus.Found => new GetFeaturesResponse { Found = true, Features = { ColumnWriter.ColumnsOf(values[0].Record.Span, lease.Model.Spec.Schema, scope) } },
            FeatureStatus.Missing => new GetFeaturesResponse(),
            _ => throw new RpcException(new Status(StatusCode.Unavailable, "the feature store did not answer in time")),
        };
    }

    private void CheckIds(RepeatedField<string> ids, Violations violations)
    {
        violations.Check(ids.Count > 0, "ids", "is empty: give at least one id");
        violations.Check(ids.Count <= settings.MaxCandidates, "ids", $"has {ids.Count} ids: at most {settings.MaxCandidates} are taken at once");
        violations.Check(ids.All(id => id.Length > 0), "ids", "has an empty id");
        violations.Check(ids.Distinct().Count() == ids.Count, "ids", "names an id twice: give each once");
    }

    private static (FeatureScope Scope, EntityKind Kind) ScopeOf(Entity entity, Violations violations)
    {
        violations.Check(entity is Entity.User or Entity.Item, "entity", $"is {entity}: give ENTITY_USER or ENTITY_ITEM");
        return entity == Entity.User ? (FeatureScope.User, EntityKind.User) : (FeatureScope.Item, EntityKind.Item);
    }
}
