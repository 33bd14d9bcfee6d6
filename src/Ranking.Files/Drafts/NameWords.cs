using System.Text.RegularExpressions;

namespace Ranking.Files;

/// <summary>The words of columns' names, and what they hint at. A hint: what a column holds decides before it where it can.</summary>
internal static partial class NameWords
{
    public static readonly string[] Users = ["user", "uid", "member", "customer", "visitor", "account", "viewer", "buyer", "reader", "listener", "person", "client", "subscriber"];
    public static readonly string[] Items = ["item", "iid", "video", "product", "article", "sku", "ad", "song", "track", "movie", "news", "goods", "content", "doc", "document", "post", "offer", "listing", "creative", "photo", "book", "game", "app", "job", "ware", "candidate"];
    public static readonly string[] Requests = ["search", "request", "session", "query", "slate", "page", "pv", "trace", "req", "serp", "impression", "feed"];
    public static readonly string[] Ids = ["id", "ids", "uid", "iid", "key", "uuid", "guid", "hash", "code", "no", "number"];
    public static readonly string[] Times = ["time", "timestamp", "ts", "datetime", "at", "when", "event", "date", "created", "ms"];
    public static readonly string[] Positions = ["position", "pos", "rank", "slot"];
    public static readonly string[] Splits = ["split", "fold", "subset", "partition", "set", "part"];
    public static readonly string[] Training = ["train", "training", "learn"];
    public static readonly string[] Validating = ["val", "valid", "validate", "validation", "dev", "eval", "tune"];
    public static readonly string[] Testing = ["test", "testing", "holdout"];

    /// <summary>The first step of a funnel: what must happen before anything else can.</summary>
    public static readonly string[] FirstOutcomes = ["click", "clicked", "clicks", "clk", "tap", "tapped", "open", "opened"];

    /// <summary>What is wanted of a click.</summary>
    public static readonly string[] Goals = ["conversion", "conversions", "convert", "converted", "purchase", "purchased", "buy", "bought", "order", "ordered", "pay", "paid", "payment", "install", "installed", "booking", "booked", "signup", "subscribe", "subscribed", "long", "complete", "completed", "finish", "finished", "read", "cart"];

    /// <summary>What else a person may do.</summary>
    public static readonly string[] OtherOutcomes = ["like", "liked", "follow", "followed", "comment", "commented", "forward", "forwarded", "share", "shared", "hate", "hated", "dislike", "disliked", "skip", "skipped", "save", "saved", "favorite", "favourite", "view", "viewed", "watched", "played", "response", "responded", "enter", "entered", "label", "target", "y", "outcome", "positive", "churn", "churned", "default"];

    /// <summary>What is measured once the item is seen.</summary>
    public static readonly string[] Afterwards = ["stay", "stayed", "dwell", "watch", "watched", "play", "played", "spent", "after", "delay", "latency", "reaction", "revenue", "progress"];

    public static readonly string[] Weights = ["weight", "weights", "propensity", "ips"];
    public static readonly string[] Numbers = ["num", "nums", "count", "counts", "cnt", "age", "days", "weeks", "months", "years", "hours", "minutes", "seconds", "secs", "price", "cost", "amount", "budget", "duration", "length", "len", "size", "width", "height", "gain", "gains", "loss", "losses", "dividend", "dividends", "wage", "wages", "salary", "income", "rate", "ratio", "score", "rating", "avg", "mean", "sum", "total", "share", "pct", "percent", "percentage", "distance", "balance", "worked", "value", "qty", "quantity", "numeric", "numerical", "num", "float", "ctr", "cvr", "temperature", "latitude", "longitude"];
    public static readonly string[] Categories = ["id", "code", "type", "kind", "category", "categories", "categorical", "cat", "class", "status", "stat", "state", "degree", "group", "range", "band", "tab", "tag", "tags", "onehot", "flag", "is", "has", "sex", "gender", "country", "region", "city", "zip", "postcode", "year", "month", "weekday", "hour", "hourmin", "day", "lang", "language", "os", "device", "brand", "shop", "author", "model", "bucket", "bin", "segment", "channel", "step", "level", "genre", "name"];

    /// <summary>Lower-case words of a name, as user, active and degree of <c>userActiveDegree</c>; digits stand apart.</summary>
    public static string[] Of(string name) => [.. Word().Matches(name).Select(word => word.Value.ToLowerInvariant())];

    /// <summary>Whether the name has one of the words.</summary>
    public static bool Has(string name, params IEnumerable<string>[] lists) => Of(name).Any(word => lists.Any(list => list.Contains(word)));

    /// <summary>Whether the name is an id's, and of one of these: <c>user_id</c>, <c>userid</c> or <c>user</c>.</summary>
    public static bool IsIdOf(string name, string[] owners)
    {
        var words = Of(name);
        return words is [var only] ? owners.Any(owner => only == owner || only == owner + "id") : words.Length > 0 && Ids.Contains(words[^1]) && owners.Contains(words[^2]);
    }

    /// <summary>Whether the name is of a number (true), of a category (false), or says neither; its last such word decides.</summary>
    public static bool? IsNumeric(string name)
    {
        var words = Of(name);
        // What wage_per_hour measures is a wage.
        words = Array.IndexOf(words, "per") is > 0 and var per ? words[..per] : words;
        var last = words.LastOrDefault(word => Numbers.Contains(word) || Categories.Contains(word));
        return last is null ? null : Numbers.Contains(last);
    }

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")]
    private static partial Regex Word();
}
