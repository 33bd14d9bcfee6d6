namespace Ranking.Models;

/// <summary>The dense weights of a version, read where they stand on disk. Safe for any number of threads until the version is disposed.</summary>
public sealed unsafe class MappedWeights : IDisposable
{
    private readonly MappedFile file;
    private readonly Dictionary<string, (long From, int Length)> places;

    /// <exception cref="ArtifactException">The file does not hold the parameters.</exception>
    internal MappedWeights(string folder, IEnumerable<GraphParameter> parameters)
    {
        file = new MappedFile(folder, ArtifactFiles.Weights, SafeTensors.LeastLength);
        try
        {
            places = SafeTensors.Places(new ReadOnlySpan<byte>(file.Start, checked((int)file.Length)), parameters);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The parameters.</summary>
    public IEnumerable<string> Names => places.Keys;

    /// <summary>Bytes of all of them.</summary>
    public long Length => places.Values.Sum(place => (long)sizeof(float) * place.Length);

    /// <summary>The numbers of a parameter, row-major [rows, columns].</summary>
    public ReadOnlySpan<float> this[string name] => new(file.Start + places[name].From, places[name].Length);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
