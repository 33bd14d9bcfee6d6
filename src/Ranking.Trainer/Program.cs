using Microsoft.AspNetCore.Builder;

namespace Ranking.Trainer;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        await using var app = WebApplication.CreateBuilder(args).Build();
        await app.RunAsync();
    }
}
