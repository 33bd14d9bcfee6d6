using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ranking.Configuration;

/// <summary>
/// Makes records from a document by the records' own declarations: property names in snake case, <c>required</c>, and
/// <see cref="RangeAttribute"/>. Every fault is noted and reading goes on.
/// </summary>
internal sealed class YamlBinder(YamlLoader loader, FaultList faults)
{
    private readonly ScalarReader scalars = new(faults);

    /// <summary>The value, or null where it could not be made; then there is a fault.</summary>
    public object? Bind(Type type, YamlNode node, string path, RangeAttribute? range = null)
    {
        faults.Locate(path, loader.Place(node));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            return BindList(type, node, path, range);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(OrderedDictionary<,>))
        {
            return BindMap(type, node, path, range);
        }

        if (!ScalarReader.Reads(type))
        {
            return BindRecord(type, node, path);
        }

        if (node is YamlScalarNode scalar)
        {
            return scalars.Read(type, scalar.Value ?? "", path, range);
        }

        faults.Add(path, Describe(node), $"give {ScalarReader.Describe(type)}");
        return null;
    }

    private object? BindRecord(Type type, YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping)
        {
            faults.Add(path, Describe(node), $"give a mapping with {string.Join(", ", PropertiesOf(type).Keys)}");
            return null;
        }

        var properties = PropertiesOf(type);
        var record = Activator.CreateInstance(type)!;
        foreach (var (key, value) in mapping.Children)
        {
            var name = key.ToString();
            var at = Join(path, name);
            if (!properties.TryGetValue(name, out var property))
            {
                faults.Locate(at, loader.Place(key));
                faults.Add(at, $"the unknown key '{name}'", Spelling.OneOf(name, properties.Keys));
            }
            else if (!IsNull(value))
            {
                var plain = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                var bound = Bind(plain, value, at, property.GetCustomAttribute<RangeAttribute>());
                property.SetValue(record, bound ?? property.GetValue(record));
                CheckPeriod(property, bound, at);
            }
        }

        foreach (var (name, property) in properties)
        {
            if (property.IsDefined(typeof(RequiredMemberAttribute)) && (!mapping.Children.TryGetValue(name, out var value) || IsNull(value)))
            {
                faults.Add(Join(path, name), "nothing", $"add the key '{name}'");
            }
        }

        return record;
    }

    // Where a duration may be left out, it is a period, and none is not the same as zero.
    private void CheckPeriod(PropertyInfo property, object? bound, string path)
    {
        if (property.PropertyType == typeof(TimeSpan?) && bound is TimeSpan { Ticks: 0 })
        {
            faults.Add(path, "a period of 0", "give a duration above 0, or leave it out");
        }
    }

    private IList? BindList(Type type, YamlNode node, string path, RangeAttribute? range)
    {
        if (node is not YamlSequenceNode sequence)
        {
            faults.Add(path, Describe(node), "give a list: [a, b]");
            return null;
        }

        var list = (IList)Activator.CreateInstance(type)!;
        for (var i = 0; i < sequence.Children.Count; i++)
        {
            if (Bind(type.GetGenericArguments()[0], sequence.Children[i], $"{path}[{i}]", range) is { } item)
            {
                list.Add(item);
            }
        }

        return list;
    }

    private IDictionary? BindMap(Type type, YamlNode node, string path, RangeAttribute? range)
    {
        if (node is not YamlMappingNode mapping)
        {
            faults.Add(path, Describe(node), "give a mapping of names");
            return null;
        }

        var map = (IDictionary)Activator.CreateInstance(type)!;
        foreach (var (key, value) in mapping.Children)
        {
            var name = key.ToString();
            if (Bind(type.GetGenericArguments()[1], value, Join(path, name), range) is { } item)
            {
                map.Add(name, item);
            }
        }

        return map;
    }

    internal static OrderedDictionary<string, PropertyInfo> PropertiesOf(Type type) =>
        new(type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => KeyValuePair.Create(Spelling.Snake(property.Name), property)));

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    private static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode scalar => $"'{scalar.Value}'",
        YamlSequenceNode => "a list",
        _ => "a mapping",
    };
}
