using System.Collections.Concurrent;

namespace CertiFlip.Native;

/// <summary>
/// What callers hold. A handle is a number that looks like no address: it is looked up, never followed, so that a
/// handle that was freed, or never was one, is an error and no crash. Besides this list the library keeps nothing from
/// one call to the next.
/// </summary>
internal static class Handles
{
    // Odd, so that no pointer to anything is mistaken for one.
    private const int Step = 2;

    private static readonly ConcurrentDictionary<nint, object> Live = new();
    private static long _last = -1;

    /// <summary>A handle of something.</summary>
    public static nint Of(object held)
    {
        nint handle = (nint)Interlocked.Add(ref _last, Step);
        Live[handle] = held;
        return handle;
    }

    /// <summary>What a handle is of.</summary>
    /// <typeparam name="T">The kind that it must be.</typeparam>
    /// <param name="handle">What the caller passed.</param>
    /// <param name="kind">What such a handle is called.</param>
    /// <exception cref="CallException">It is none, or of another kind.</exception>
    public static T Get<T>(nint handle, string kind)
        where T : class
    {
        if (handle == 0)
            throw new CallException(Status.BadHandle, $"The handle is NULL; expected one of a {kind}.");
        return Live.TryGetValue(handle, out object? held)
            ? held as T ?? throw new CallException(Status.BadHandle, $"The handle is of another kind; expected one of a {kind}.")
            : throw new CallException(Status.BadHandle, $"The handle was freed, or never was one; expected one of a {kind}.");
    }

    /// <summary>Frees a handle. One that there is not is left alone.</summary>
    public static void Free(nint handle) => Live.TryRemove(handle, out _);
}
