using Ranking.Models;

namespace Ranking.Learning.Tests;

public sealed class CheckpointTests
{
    [Theory]
    [InlineData("dense.bin")]
    [InlineData("table-0.bin")]
    public void Load_WithAFlippedBit_NamesTheFile(string file)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using (var learner = new Learner(TestModel.Spec(ArchitectureKind.SharedBottom), [], new LearnerOptions()))
        {
            learner.Save(folder);
        }

        var bytes = File.ReadAllBytes(Path.Combine(folder, file));
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, file), bytes);

        var error = Assert.Throws<InvalidDataException>(() => Learner.Load(folder, new LearnerOptions()));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Load_OfAnEmptyFolder_SaysThatItIsNoCheckpoint()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var error = Assert.Throws<InvalidDataException>(() => Learner.Load(folder, new LearnerOptions()));
        Assert.Contains("learner.json", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }
}
