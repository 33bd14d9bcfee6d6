using Ranking.Configuration;
using Ranking.Core;
using Ranking.Events;
using Ranking.Files;

namespace Ranking.Cli;

/// <summary>The job's users and items, for impressions whose served record is missing.</summary>
internal sealed class JobEntities : IEntityTables
{
    private readonly EntityTable? users;
    private readonly EntityTable? items;

    private JobEntities(EntityTable? users, EntityTable? items)
    {
        this.users = users;
        this.items = items;
    }

    /// <summary>Reads the tables that the job declares.</summary>
    /// <param name="job">The job.</param>
    /// <param name="fault">Told of rows that cannot be used.</param>
    public static JobEntities Load(JobSpec job, Action<string> fault) => new(
        job.Sources?.Users is null ? null : EntityTable.Load(job.Sources, EntityKind.User, job.Model.Schema, fault),
        job.Sources?.Items is null ? null : EntityTable.Load(job.Sources, EntityKind.Item, job.Model.Schema, fault));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> User(string userId) => users?.Find(userId) ?? default;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Item(string itemId) => items?.Find(itemId) ?? default;
}
