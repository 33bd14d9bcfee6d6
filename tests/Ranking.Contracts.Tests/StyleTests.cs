using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Ranking.Contracts.V1;

namespace Ranking.Contracts.Tests;

/// <summary>The rules of the Buf style guide that callers feel, held over the compiled descriptors.</summary>
public sealed partial class StyleTests
{
    private static readonly FileDescriptor[] Files =
    [
        RankingServiceReflection.Descriptor, ModelServiceReflection.Descriptor, FeatureServiceReflection.Descriptor,
        EventServiceReflection.Descriptor, EventsReflection.Descriptor, FeaturesReflection.Descriptor,
    ];

    public static TheoryData<string> Methods => [.. Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => method.FullName)];

    [Fact]
    public void Files_All_AreOfOnePackageInItsFolder() => Assert.All(Files, file =>
    {
        Assert.Equal("ranking.v1", file.Package);
        Assert.StartsWith("ranking/v1/", file.Name, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Method_All_HasMessagesOfItsOwnNameAndAnHttpRoute(string name)
    {
        var method = Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Single(method => method.FullName == name);
        Assert.Equal($"{method.Name}Request", method.InputType.Name);
        Assert.Equal($"{method.Name}Response", method.OutputType.Name);
        var route = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        Assert.StartsWith("/v1/", route.Get + route.Post, StringComparison.Ordinal);
    }

    [Fact]
    public void Enums_All_BeginUnspecifiedAndCarryTheirName() => Assert.All(Files.SelectMany(file => file.EnumTypes), type =>
    {
        var prefix = WordStart().Replace(type.Name, "_").ToUpperInvariant();
        Assert.Equal($"{prefix}_UNSPECIFIED", type.FindValueByNumber(0).Name);
        Assert.All(type.Values, value => Assert.StartsWith(prefix, value.Name, StringComparison.Ordinal));
    });

    [Fact]
    public void Fields_All_AreLowerSnakeCase() =>
        Assert.All(Files.SelectMany(file => file.MessageTypes).SelectMany(message => message.Fields.InDeclarationOrder()), field => Assert.Matches("^[a-z][a-z0-9_]*$", field.Name));

    /// <summary>Absent and zero mean different things here.</summary>
    [Theory]
    [InlineData(nameof(RequestOptions), "log")]
    [InlineData(nameof(RequestOptions), "request_id")]
    [InlineData(nameof(RequestOptions), "version")]
    [InlineData(nameof(RankRequest), "top_k")]
    [InlineData(nameof(Impression), "weight")]
    [InlineData(nameof(Impression), "sampling_rate")]
    [InlineData(nameof(Impression), "features")]
    [InlineData(nameof(Outcome), "value")]
    public void Field_WhoseAbsenceDiffersFromZero_HasPresence(string message, string field) =>
        Assert.True(Files.SelectMany(file => file.MessageTypes).Single(type => type.Name == message).FindFieldByName(field).HasPresence);

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
