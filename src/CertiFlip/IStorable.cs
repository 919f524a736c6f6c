namespace CertiFlip;

/// <summary>Something fitted that a model file can hold, such as a feature map.</summary>
/// <typeparam name="TSelf">What it is.</typeparam>
public interface IStorable<TSelf>
    where TSelf : IStorable<TSelf>
{
    /// <summary>What model files call it, for example <c>principal-components</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>Stores all of it.</summary>
    /// <param name="arrays">Receives it.</param>
    void Store(ModelArrays arrays);

    /// <summary>Restores what was stored: it computes the same bits.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    static abstract TSelf Restore(ModelArrays arrays);
}
