namespace Ranking.Architecture.Tests;

public sealed class SignatureTests
{
    public static TheoryData<string> Rooms => [.. House.Rooms.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void PublicSignatures_ShowThirdParties_OnlyInTheOwningRoom(string room)
    {
        var own = RestoredProject.Read(room).OwnAssemblies();

        Assert.Empty(from signature in HouseAssembly.PublicSignatures(HouseAssembly.Load(room))
                     let assembly = signature.Shown.Assembly
                     where IsThirdParty(assembly.Location) && !MayShow(room, assembly.GetName().Name!, own)
                     select $"{signature.Where} shows {signature.Shown}");
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Namespace_OfEveryType_IsTheAssembly(string room)
    {
        var expected = room == "Contracts" ? "Ranking.Contracts.V1" : $"Ranking.{room}";

        Assert.Empty(HouseAssembly.Load(room).GetTypes()
            .Where(type => !type.IsNested && type.Namespace is { } named && named != expected && named.StartsWith("Ranking", StringComparison.Ordinal))
            .Select(type => type.FullName));
    }

    [Fact]
    public void PublicSignatures_OfATypeThatShowsAnother_FindIt()
    {
        var shown = HouseAssembly.PublicSignatures(typeof(SignatureTests).Assembly).Where(signature => signature.Where.EndsWith("Showing.Method", StringComparison.Ordinal));

        Assert.Contains(typeof(Uri), shown.Select(signature => signature.Shown));
    }

    public abstract class Showing
    {
        protected abstract void Method(ref List<Uri[]> deeplyHidden);
    }

    private static bool MayShow(string room, string assembly, HashSet<string> own) =>
        House.Owners.TryGetValue(assembly, out var owner) ? owner == room : own.Contains(assembly);

    // Third parties stand beside the application, the framework does not; our own are named so.
    private static bool IsThirdParty(string location) =>
        location.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)
        && !Path.GetFileName(location).StartsWith("ranking", StringComparison.OrdinalIgnoreCase);
}
