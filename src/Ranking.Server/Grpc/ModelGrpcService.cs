using System.Text;
using Grpc.Core;
using Ranking.Contracts.V1;
using Ranking.Models;

namespace Ranking.Server;

/// <summary>Says what is served, and pins a version or follows the store again.</summary>
internal sealed class ModelGrpcService(ModelRegistry registry, ModelPoller poller) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { registry.Slots.Select(StatusOf) } });

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context)
    {
        var slot = SlotOf(request.Model);
        using var lease = slot.Acquire();
        return Task.FromResult(new GetModelResponse { Model = StatusOf(slot), SpecJson = lease is null ? "" : Encoding.UTF8.GetString(ModelJson.Write(lease.Model.Spec)) });
    }

    public override async Task<ServeVersionResponse> ServeVersion(ServeVersionRequest request, ServerCallContext context)
    {
        var slot = SlotOf(request.Model);
        await poller.PinAsync(slot, request.HasVersion ? request.Version : null, context.CancellationToken).ConfigureAwait(false);
        return new ServeVersionResponse { Model = StatusOf(slot) };
    }

    private ModelSlot SlotOf(string model) => registry.Require(model);

    private static ModelStatus StatusOf(ModelSlot slot)
    {
        using var lease = slot.Acquire();
        var status = new ModelStatus
        {
            Model = slot.Name,
            Pinned = slot.Pinned is not null,
            Refused = { slot.Refused.Select(refused => new RefusedVersion { Version = refused.Key, Reason = refused.Value }) },
        };
        if (lease is not null)
        {
            status.Version = lease.Model.Version;
            status.TrainedThroughMs = lease.Model.TrainedThrough;
            status.Tasks.Add(lease.Model.Spec.Tasks.Tasks.Select(task => task.Name));
            status.Objectives.Add(lease.Model.Spec.Objectives.Select(objective => objective.Name));
        }

        return status;
    }
}
