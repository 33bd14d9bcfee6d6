namespace Ranking.Architecture.Tests;

/// <summary>One project: what it may reference, and whether it is a host (hosts may use their frameworks).</summary>
internal sealed record Room(string Name, string[] Projects, string[] Packages, bool IsHost = false);

/// <summary>The dependency table of the design.</summary>
internal static class House
{
    internal static readonly IReadOnlyDictionary<string, Room> Rooms = new Room[]
    {
        new("Core", [], ["System.IO.Hashing"]),
        new("Events", ["Core"], []),
        new("Metrics", [], []),
        new("Models", ["Core"], []),
        new("Inference", ["Models"], []),
        new("Learning", ["Models"], ["TorchSharp", "libtorch-cpu-linux-x64", "Microsoft.ML.FastTree", "Microsoft.CodeAnalysis.BannedApiAnalyzers"]),
        new("Onnx", ["Models"], ["Google.Protobuf", "Grpc.Tools"]),
        new("Configuration", ["Models", "Events"], ["YamlDotNet"]),
        new("Contracts", [], ["Google.Protobuf", "Grpc.Core.Api", "Google.Api.CommonProtos", "Grpc.Tools"]),
        new("FeatureStore", ["Core"], ["StackExchange.Redis"]),
        new("Streaming", ["Core", "Contracts"], ["Confluent.Kafka"]),
        new("Files", ["Core"], ["Parquet.Net", "CsvHelper"]),
        new("Server", ["Inference", "Events", "FeatureStore", "Streaming", "Contracts"], [], IsHost: true),
        new("Trainer", ["Learning", "Inference", "Events", "Metrics", "FeatureStore", "Streaming", "Files", "Configuration"], ["RocksDB"], IsHost: true),
        new("Evaluation", ["Inference", "Events", "Metrics", "Files", "Streaming", "Configuration"],
            ["Microsoft.ML", "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm"], IsHost: true),
        new("Standalone", ["Core", "Events", "Contracts"], ["Microsoft.Garnet", "Confluent.Kafka"]),
        new("Cli", ["Server", "Trainer", "Evaluation", "Configuration", "Onnx", "Standalone"], [], IsHost: true),
    }.ToDictionary(room => room.Name);

    /// <summary>What every host may use besides.</summary>
    internal static readonly string[] HostFrameworks =
    [
        "Grpc.", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "OpenTelemetry", "Spectre.Console", "System.CommandLine",
    ];

    /// <summary>What the serving image must never carry.</summary>
    internal static readonly string[] NotInServer =
        ["TorchSharp", "libtorch", "Microsoft.ML", "Microsoft.Garnet", "YamlDotNet", "RocksDB", "Parquet.Net"];

    /// <summary>The one room whose public signatures may show a third party's types; null: none.</summary>
    internal static readonly IReadOnlyDictionary<string, string?> Owners = new Dictionary<string, string?>
    {
        ["TorchSharp"] = null,
        ["Confluent.Kafka"] = "Streaming",
        ["StackExchange.Redis"] = "FeatureStore",
        ["Microsoft.ML.Core"] = "Evaluation",
        ["Microsoft.ML.Data"] = "Evaluation",
        ["Microsoft.ML.DataView"] = "Evaluation",
    };
}
