using System.Reflection;

namespace Ranking.Architecture.Tests;

/// <summary>The compiled rooms, which stand beside the tests.</summary>
internal static class HouseAssembly
{
    internal static Assembly Load(string room) => Assembly.Load(room == "Cli" ? "ranking" : $"Ranking.{room}");

    /// <summary>Every type that a public or protected member of a public type shows.</summary>
    internal static IEnumerable<(string Where, Type Shown)> PublicSignatures(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        from shown in Signature(type)
        from part in Parts(shown.Type)
        select ($"{type.FullName}.{shown.Member}", part);

    private static IEnumerable<(string Member, Type Type)> Signature(Type type)
    {
        if (type.BaseType is { } parent)
            yield return ("base", parent);
        foreach (var contract in type.GetInterfaces())
            yield return ("interface", contract);
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
            yield return (field.Name, field.FieldType);
        // Accessors of properties and events are methods.
        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>().Where(method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly))
        {
            foreach (var parameter in method.GetParameters())
                yield return (method.Name, parameter.ParameterType);
            if (method is MethodInfo { ReturnType: var returned })
                yield return (method.Name, returned);
        }
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [type];
    }
}
