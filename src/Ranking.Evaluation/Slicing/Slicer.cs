using Ranking.Core;

namespace Ranking.Evaluation;

/// <summary>Gives each impression the value by which it is sliced.</summary>
internal abstract class Slicer(string name)
{
    public const string Split = "split";
    public const string Position = "position";
    public const string Hour = "hour";
    public const string Day = "day";
    public const string DayHour = "day_hour";
    public const string UserHistory = "user_history";
    public const string ItemHistory = "item_history";
    public const string None = "(none)";

    /// <summary>What is sliced by where nothing is named.</summary>
    public static readonly string[] Defaults = [UserHistory, ItemHistory, Position, Hour, Day];

    public string Name => name;

    /// <summary>Whether its values are shown in their own order, all of them; else the most frequent first.</summary>
    public virtual bool IsOrdered => true;

    /// <summary>How many ordered values are shown at least.</summary>
    public virtual int MostValues => 24;

    /// <summary>Of the schema's features or what is known of every impression; a feature goes first.</summary>
    /// <exception cref="EvaluationException">Nothing has that name.</exception>
    public static Slicer Create(FeatureSchema schema, string name)
    {
        if (schema.Find(name) is { Kind: FeatureKind.Categorical, Derived: null } feature)
        {
            return new FeatureSlicer(name, feature);
        }

        return name switch
        {
            Split or Position or Hour or Day or DayHour => new FactSlicer(name),
            UserHistory => new HistorySlicer(name, example => example.User.ToString("x16")),
            ItemHistory => new HistorySlicer(name, ItemOf(schema)),
            _ => throw new EvaluationException(
                $"slice_by names '{name}', which is no categorical feature of the records: choose of "
                + $"{string.Join(", ", [.. Categories(schema).Select(other => other.Name), Split, DayHour, .. Defaults])}."),
        };
    }

    /// <summary>Looks at the training impressions, before any value is asked for.</summary>
    public virtual void Fit(IEnumerable<LabelledImpression> train)
    {
    }

    public abstract string ValueOf(Example example);

    // The declared id of the item, else the first category that it has, as the server finds unknown items.
    private static Func<Example, string> ItemOf(FeatureSchema schema)
    {
        var categories = Categories(schema).Where(feature => feature.Scope == FeatureScope.Item).ToList();
        var item = categories.FirstOrDefault(feature => feature.IsEntityId) ?? categories.FirstOrDefault(feature => feature.IsInput);
        return item is null ? _ => None : new FeatureSlicer(item.Name, item).ValueOf;
    }

    private static IEnumerable<Feature> Categories(FeatureSchema schema) =>
        schema.Features.Where(feature => feature.Kind == FeatureKind.Categorical && feature.Derived is null);
}
